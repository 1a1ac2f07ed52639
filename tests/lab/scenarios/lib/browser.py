"""Debian's Chromium without a screen, by the WebDriver protocol (https://www.w3.org/TR/webdriver2/) of its chromedriver."""

import base64
import json
import re
import subprocess
import tempfile
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

# As root it has no sandbox of its own; and nothing of it looks for a network.
SWITCHES = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync"]


class Browser:
    def __init__(self, width=1280, height=1000):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        try:
            port = next(match[1] for line in self.driver.stdout if (match := re.search(r"started successfully on port (\d+)", line)))
            self.at = f"http://127.0.0.1:{port}/session"
            options = {"args": [*SWITCHES, f"--window-size={width},{height}", f"--user-data-dir={self.profile.name}"]}
            self.at += "/" + self.call("", capabilities={"alwaysMatch": {"goog:chromeOptions": options}})["sessionId"]
        except BaseException:
            self.end_driver()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.send("DELETE", "", None)
        finally:
            self.end_driver()

    def open(self, address):
        self.call("/url", url=address)

    def run(self, script, *arguments):
        """The value that a script of the page returns."""
        return self.call("/execute/sync", script=script, args=list(arguments))

    def until(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while not self.run(f"return Boolean({condition})"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds} s: {condition}\n{self.run('return document.body.innerText')}")
            time.sleep(0.2)

    def click(self, selector, text=""):
        """As a hand does, on the first that is shown and has this text."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})].find(e => e.offsetParent && e.textContent.trim().startsWith({json.dumps(text)}))"
        self.until(found, 30)
        element = self.run(f"return {found}")
        self.call(f"/element/{next(iter(element.values()))}/click")

    def screenshot(self):
        return base64.b64decode(self.send("GET", "/screenshot", None))

    def call(self, path, **body):
        return self.send("POST", path, json.dumps(body).encode())

    def send(self, method, path, body):
        request = Request(self.at + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except HTTPError as refusal:
            raise RuntimeError(f"chromedriver refuses {method} {path}: {json.load(refusal)['value']['message']}") from None

    def end_driver(self):
        self.driver.kill()
        self.driver.wait()
        self.driver.stdout.close()
        self.profile.cleanup()
