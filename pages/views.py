"""The page of the keyboard's shortcuts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.operations import switch_shortcuts
from pages.navigation import shortcuts


@require_safe
def keyboard(request):
    """The keyboard's shorter ways, and the switch for them."""
    return render(request, "pages/keyboard.html", {"shortcuts": [(keys.split(), what) for keys, what in shortcuts()]})


@require_POST
@login_required
def keyboard_switch(request):
    """Switches the shortcuts of whoever is signed in: ``shortcuts`` is "on" or "off"."""
    on = request.POST.get("shortcuts") == "on"
    switch_shortcuts(request.user, on=on)
    messages.success(request, f"The shortcuts are switched {'on' if on else 'off'}.")
    return redirect("keyboard")
