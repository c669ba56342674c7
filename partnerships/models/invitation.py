"""Invitations of partners into a project."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from partnerships.models.participation import Participation
from partnerships.models.project import Project


class ProjectInvitationQuerySet(models.QuerySet):
    def pending(self):
        """Invitations that nobody has answered yet, old ones included: the plan waits for these partners."""
        return self.filter(
            invitation__accepted_at=None, invitation__declined_at=None, invitation__withdrawn_at=None
        )

    def accepted(self):
        """Invitations with which a partner has come."""
        return self.exclude(invitation__accepted_at=None)

    def awaited_or_here(self, project, email):
        """Whether this address is still asked on this project, or has come onto it."""
        mine = self.filter(project=project, invitation__email=email)
        return (mine.pending() | mine.accepted()).exists()


class ProjectInvitation(models.Model):
    """A partner organisation is invited into a project; the invitation itself goes to one of its people."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("project")
    )
    invitation = models.OneToOneField(
        Invitation, on_delete=models.CASCADE, related_name="project_invitation", verbose_name=_("invitation")
    )
    side = models.CharField(_("side"), max_length=10, choices=Participation.Side)

    objects = ProjectInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation into a project")
        verbose_name_plural = _("invitations into projects")

    @property
    def is_pending(self):
        """As `pending`, of one whose invitation is loaded."""
        invitation = self.invitation
        return not (invitation.accepted_at or invitation.declined_at or invitation.withdrawn_at)

    @property
    def said_no(self):
        """Declined, and not left out for good since."""
        return bool(self.invitation.declined_at) and not self.invitation.withdrawn_at
