"""The page of the keyboard shortcuts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.operations import switch_shortcuts
from pages.navigation import shortcuts


@require_safe
def keyboard(request):
    return render(request, "pages/keyboard.html", {"shortcuts": [(keys.split(), what) for keys, what in shortcuts()]})


@require_POST
@login_required
def keyboard_switch(request):
    """Switch the user's shortcuts: ``shortcuts`` is "on" or "off"."""
    on = request.POST.get("shortcuts") == "on"
    switch_shortcuts(request.user, on=on)
    messages.success(request, f"The shortcuts are switched {'on' if on else 'off'}.")
    return redirect("keyboard")
