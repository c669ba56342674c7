"""Addresses of people and organisations."""

from django.urls import path

from accounts.views import kept, security, sign_in, theme

app_name = "accounts"

urlpatterns = [
    # Signing in
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-in/sent/", sign_in.SignInSent.as_view(), name="sign_in_sent"),
    path("sign-in/link/<str:token>/", sign_in.sign_in_link, name="sign_in_link"),
    # What was written when a session had ended
    path("kept/", kept.KeptList.as_view(), name="kept_list"),
    path("kept/<int:pk>/drop/", kept.kept_drop, name="kept_drop"),
    # How one signs in
    path("account/security/", security.Security.as_view(), name="security"),
    path("account/security/second-step/", security.SecondFactor.as_view(), name="second_factor"),
    path("account/security/second-step/later/", security.second_factor_later, name="second_factor_later"),
    path("account/password/forgotten/", security.PasswordForgotten.as_view(), name="password_forgotten"),
    # Light or dark
    path("theme/", theme.theme_set, name="theme_set"),
]
