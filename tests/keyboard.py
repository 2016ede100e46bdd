"""Going through pages as somebody does who has no mouse: by Tab, and never out of sight."""

from playwright.sync_api import expect

STAND = """() => {
    const here = document.activeElement;
    if (!here || here === document.body || here === document.documentElement) return null;
    const text = (element) => (element?.textContent ?? "").replace(/\\\\s+/g, " ").trim();
    const label = here.getAttribute("aria-label") || text(here.labels?.[0]) || text(here) || here.title;
    const ringed = (element, pseudo) => {
        const style = element && getComputedStyle(element, pseudo);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    };
    // The ring may be drawn by what stands beside a hidden box, or around a frame of several parts.
    const marks = [here, here.nextElementSibling, here.parentElement, here.closest(".picker-box")];
    const seen = here.checkVisibility({ visibilityProperty: true });
    const box = here.getBoundingClientRect();
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
    const there = points.map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
    const order = [...document.querySelectorAll("*")].indexOf(here);
    return {
        name: label,
        order,
        tag: here.outerHTML.slice(0, 120),
        in_sight: seen && there.some((one) => one && (one === here || here.contains(one) || one.contains(here)
            || here.parentElement.contains(one))),
        marked: ringed(here) || ringed(here, "::after") || marks.slice(1).some((one) => ringed(one)),
    };
}"""

PLACES = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
    const reachable = all.filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden"
        && one.checkVisibility({ visibilityProperty: true }) && !(one.type === "radio" && !one.checked
            && [...document.getElementsByName(one.name)].some((other) => other.checked && other.form === one.form)));
    const first = (one) => one.type !== "radio" || one.checked
        || reachable.find((other) => other.name === one.name && other.form === one.form) === one;
    const everything = [...document.querySelectorAll("*")];
    return reachable.filter(first).map((one) => [everything.indexOf(one), one.outerHTML.slice(0, 120)]);
}"""


class Walker:
    """Goes by Tab through ``page``. Each step fails where the focus is lost, not to be seen, or hidden by a bar."""

    def __init__(self, page):
        self.page = page
        # What is still gliding into sight would count as hidden.
        page.emulate_media(reduced_motion="reduce")

    def where(self):
        """What has the focus: its name and the rest of ``STAND``, or None where nothing has."""
        return self.page.evaluate(STAND)

    def step(self, key="Tab"):
        """One press of Tab, looked at closely. Gives None once the end of the page is passed."""
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)
        place = self.where()
        if place:
            assert place["in_sight"], f"hidden while it has the focus: {place['tag']}"
            assert place["marked"], f"has the focus and does not show it: {place}"
        return place

    def to(self, name, key="Tab", presses=120):
        """Press Tab until what has the focus is called ``name``, whole or from its beginning."""
        passed = []
        for _ in range(presses):
            place = self.step(key)
            passed.append(place and place["name"])
            if place and (place["name"] == name or place["name"].startswith(f"{name} ")):
                return place
        raise AssertionError(f"Tab never reached “{name}”, only {passed}")

    def press(self, name, key="Enter", leads_to=None):
        """Go to ``name``, and press it; ``leads_to`` is the pattern of the address that opens then."""
        self.to(name)
        self.page.keyboard.press(key)
        if leads_to:
            self.page.wait_for_url(leads_to)

    def fill(self, name, words):
        """Go to the field ``name``, and type over what stands there."""
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def expect_kept(self):
        """The focus is somewhere on the page, as it has to be after a part of it was swapped."""
        expect(self.page.locator("body :focus")).to_have_count(1)

    def walk(self):
        """From the top of the page to its end: the places in the order of Tab. Fails where one is left out."""
        # The focus starts above the first thing of the page, as after it was opened.
        self.page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        # A form asks who would be emailed half a second after it was opened, and shows it.
        self.page.wait_for_timeout(700)
        self.page.wait_for_load_state("networkidle")
        wanted = self.page.evaluate(PLACES)
        order = []
        # After the last place comes the browser's own bar; where it has none, the first place again.
        while (place := self.step()) and place["order"] != next(iter(order[:-1]), None):
            # A date is one field of several parts, each of which is a stop.
            if place["order"] not in order[-1:]:
                assert place["order"] not in order, f"Tab goes in circles at {place['tag']}"
                order.append(place["order"])
        left_out = [tag for at, tag in wanted if at not in order]
        assert not left_out, f"Tab passes these over: {left_out}"
        assert order == sorted(order), "Tab jumps about"
        return order
