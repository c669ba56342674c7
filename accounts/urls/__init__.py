"""Addresses of people and organisations."""

from django.urls import path

from accounts.views import (
    account,
    invitations,
    kept,
    mail,
    members,
    organisations,
    security,
    sign_in,
    theme,
    welcome,
)

app_name = "accounts"

urlpatterns = [
    # Signing in
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/sent/", sign_in.SignInSent.as_view(), name="sign_in_sent"),
    path("sign-in/link/<str:token>/", sign_in.sign_in_link, name="sign_in_link"),
    # What the head of a summary leads to
    path("unsubscribe/<str:token>/", mail.unsubscribe, name="unsubscribe"),
    # What was written when a session had ended
    path("kept/", kept.KeptList.as_view(), name="kept_list"),
    path("kept/<int:pk>/drop/", kept.kept_drop, name="kept_drop"),
    # An invitation, for whoever holds its link
    path("invite/<str:token>/", invitations.invitation, name="invitation"),
    path("invite/<str:token>/accept/", invitations.invitation_accept, name="invitation_accept"),
    path("invite/<str:token>/decline/", invitations.invitation_decline, name="invitation_decline"),
    path("invite/<str:token>/pass-on/", invitations.invitation_pass_on, name="invitation_pass_on"),
    path("invite/<str:token>/switch/", invitations.invitation_switch, name="invitation_switch"),
    path("invite/<str:token>/again/", invitations.invitation_again, name="invitation_again"),
    # An invitation, for whoever is signed in
    path("invitations/<int:pk>/", invitations.invitation_open, name="invitation_open"),
    path("invitations/<int:pk>/join/", invitations.invitation_join, name="invitation_join"),
    path("invitations/<int:pk>/settle/", invitations.invitation_settle, name="invitation_settle"),
    path("invitations/<int:pk>/confirm/", invitations.invitation_confirm, name="invitation_confirm"),
    path("invitations/<int:pk>/send-again/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
    # Arriving
    path("welcome/you/", welcome.WelcomeYou.as_view(), name="welcome_you"),
    path("welcome/group/", welcome.WelcomeGroup.as_view(), name="welcome_group"),
    path("welcome/reach/", welcome.WelcomeReach.as_view(), name="welcome_reach"),
    # One's own organisation
    path("org/", organisations.OrganisationList.as_view(), name="organisation_list"),
    path("org/<slug:slug>/", organisations.OrganisationDetail.as_view(), name="organisation"),
    path("org/<slug:slug>/edit/", organisations.OrganisationEdit.as_view(), name="organisation_edit"),
    path("org/<slug:slug>/leave/", members.MemberLeave.as_view(), name="member_leave"),
    path("org/<slug:slug>/members/", organisations.MemberList.as_view(), name="member_list"),
    path("org/<slug:slug>/members/invite/", members.MemberInvite.as_view(), name="member_invite"),
    path("org/<slug:slug>/members/<int:pk>/", members.MemberEdit.as_view(), name="member_edit"),
    path("org/<slug:slug>/members/<int:pk>/remove/", members.MemberRemove.as_view(), name="member_remove"),
    path(
        "org/<slug:slug>/requests/<int:pk>/accept/",
        organisations.join_request_accept,
        name="join_request_accept",
    ),
    path(
        "org/<slug:slug>/requests/<int:pk>/decline/",
        organisations.join_request_decline,
        name="join_request_decline",
    ),
    # One's account
    path("account/", account.Settings.as_view(), name="settings"),
    path("account/email/", account.EmailChange.as_view(), name="email_change"),
    path("account/email/<str:token>/", account.email_change_confirm, name="email_change_confirm"),
    path("account/data/", account.data_download, name="data_download"),
    path("account/close/", account.AccountClose.as_view(), name="account_close"),
    # How one signs in
    path("account/security/", security.Security.as_view(), name="security"),
    path("account/security/second-step/", security.SecondFactor.as_view(), name="second_factor"),
    path("account/security/second-step/later/", security.second_factor_later, name="second_factor_later"),
    path("account/password/forgotten/", security.PasswordForgotten.as_view(), name="password_forgotten"),
    # Light or dark
    path("theme/", theme.theme_set, name="theme_set"),
]
