"""How much a page weighs and how long it is waited for: what the test of it and its benchmark share.

A slow telephone and a slow line are simulated by Chromium itself, so the machine at hand matters little.
"""

from dataclasses import dataclass, field

SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
"""1.6 Mbit/s down, 750 kbit/s up (in bytes a second), and 150 ms from asking to the first byte."""
SLOW_PROCESSOR = 4
"""Times slower than the machine at hand."""

MOST_AT_FIRST, MOST_LATER = 350_000, 60_000
"""Bytes that a first visit and a later one may transfer."""
LATEST_SENTENCE = 1500
"""Milliseconds after which the sentence of the dashboard has to stand there."""
MOST_SHIFT = 0.05
LONGEST_TASK = 200

WATCH = """
    window.seen = {shift: 0, moved: [], longest: 0, tasks: [], largest: 0, sentence: 0};
    const watch = (type, each) => new PerformanceObserver(list => list.getEntries().forEach(each))
        .observe({type, buffered: true});
    watch("layout-shift", entry => {
        if (entry.hadRecentInput) return;
        seen.shift += entry.value;
        seen.moved.push(...entry.sources.map(({node}) => node?.className || node?.nodeName));
    });
    watch("longtask", entry => {
        seen.longest = Math.max(seen.longest, entry.duration);
        seen.tasks.push([Math.round(entry.startTime), entry.duration]);
    });
    watch("largest-contentful-paint", entry => { seen.largest = entry.startTime; });
    watch("element", entry => { seen.sentence = entry.renderTime; });
    new MutationObserver(() => document.querySelector(".page-head .lead")?.setAttribute("elementtiming", "sentence"))
        .observe(document, {childList: true, subtree: true});
"""
"""Put into each page before its own scripts: what the browser itself says of it."""


@dataclass
class Visit:
    """What one look at a page came to: bytes, milliseconds, and how much of it moved."""

    weights: dict = field(default_factory=dict)
    """{address: bytes that came over the line}, without those that the browser had kept."""
    sentence: float = 0
    largest: float = 0
    longest: float = 0
    tasks: list = field(default_factory=list)
    """[when, how long] of each task over 50 ms."""
    shift: float = 0
    moved: list = field(default_factory=list)

    @property
    def weight(self):
        """Bytes over the line, headers included."""
        return sum(self.weights.values())


def slowed(page, *, processor=SLOW_PROCESSOR):
    """A session of Chromium's own protocol for ``page``, on a slow line and with a slow ``processor``."""
    page.add_init_script(WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": processor})
    return session


def visit(page, session, url):
    """Open ``url`` with the ``session`` of ``slowed``, wait until nothing more comes, and say what it came to."""
    addresses, weights = {}, {}

    def asked(event):
        addresses[event["requestId"]] = event["request"]["url"]

    def came(event):
        if event["encodedDataLength"]:
            weights[addresses.get(event["requestId"], "")] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", came)
    try:
        page.goto(url, wait_until="networkidle")
        page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        return Visit(weights, **page.evaluate("seen"))
    finally:
        session.remove_listener("Network.requestWillBeSent", asked)
        session.remove_listener("Network.loadingFinished", came)
