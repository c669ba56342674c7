"""What somebody wrote when their session had ended: offered again, once they are back."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.access import own_address
from accounts.actions import kept


@method_decorator(never_cache, name="dispatch")
class KeptList(TemplateView):
    """ "You wrote this. Send it again." Forms go straight to where they were meant to go."""

    template_name = "accounts/kept_list.html"

    def get(self, request, *args, **kwargs):
        self.next = own_address(request, request.GET.get("next"))
        self.posts = list(kept.kept_for(request.user, at=timezone.now()))
        if not self.posts:
            return redirect(self.next or "/")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        for post in self.posts:
            # Numbers of choices say nothing to a reader; words do.
            post.words = [
                value for _name, value in post.fields if len(value.strip()) > 3 and " " in value.strip()
            ]
        return super().get_context_data(posts=self.posts, mark=kept.MARK, next=self.next, **kwargs)


@require_POST
def kept_drop(request, pk):
    """Forget a form that is no longer wanted."""
    if not kept.kept_for(request.user, at=timezone.now()).filter(pk=pk).exists():
        raise Http404
    kept.drop(request.user, str(pk))
    return redirect(kept.address(own_address(request, request.POST.get("next"))))
