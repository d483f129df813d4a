"""A browser of WebKitGTK for tests: opens pages, runs scripts in them, tells what became of downloads.

It does what lines of JSON on its standard input say, and answers with one each. WebKitWebDriver
could do the first two; what became of a download, only the application is told.
"""

import itertools
import json
import os
import sys
import threading

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

folder = sys.argv[1]
numbers = itertools.count()
contexts, pages, downloads = {}, {}, []


def answer(command, **fields):
    print(json.dumps({"id": command["id"], **fields}), flush=True)


def context_of(private):
    if private not in contexts:
        if private:
            contexts[private] = WebKit2.WebContext.new_ephemeral()
        else:
            data = WebKit2.WebsiteDataManager(
                base_data_directory=f"{folder}/data", base_cache_directory=f"{folder}/cache"
            )
            contexts[private] = WebKit2.WebContext.new_with_website_data_manager(data)
        contexts[private].connect("download-started", follow)
    return contexts[private]


def follow(_context, download):
    item = {"url": download.get_request().get_uri(), "name": "", "path": "", "state": "running"}
    downloads.append((download, item))

    def decide(_download, name):
        place = f"{folder}/downloads/{len(downloads)}"
        os.makedirs(place, exist_ok=True)
        item.update(name=name, path=f"{place}/{name}")
        download.set_destination(item["path"])
        return True

    def failed(_download, error):
        cancelled = error.matches(WebKit2.download_error_quark(), 400)
        item["state"] = "cancelled" if cancelled else "failed"

    def finished(_download):  # also told of those that have failed
        if item["state"] == "running":
            item["state"] = "complete"

    download.connect("decide-destination", decide)
    download.connect("failed", failed)
    download.connect("finished", finished)


def decide_policy(_view, decision, kind):
    """What every browser does: saves what is an attachment, or cannot be shown."""
    if kind != WebKit2.PolicyDecisionType.RESPONSE:
        return False
    headers = decision.get_response().get_http_headers()
    disposition = headers.get_one("Content-Disposition") if headers else None
    if decision.is_mime_type_supported() and not (disposition or "").startswith("attachment"):
        return False
    decision.download()
    return True


def open_page(command):
    private = command["private"]
    view = WebKit2.WebView(web_context=context_of(private), is_ephemeral=private)
    window = Gtk.Window()
    window.set_default_size(1000, 700)
    window.add(view)
    window.show_all()
    number = next(numbers)
    pages[number] = (window, view)

    def loaded(_view, event):
        if event == WebKit2.LoadEvent.FINISHED:
            view.disconnect(listener)
            answer(command, result=number)

    listener = view.connect("load-changed", loaded)
    view.connect("decide-policy", decide_policy)
    view.load_uri(command["url"])


def evaluate(command):
    def ended(view, result):
        try:
            answer(command, result=view.evaluate_javascript_finish(result).to_string())
        except GLib.Error as error:
            answer(command, error=error.message)

    _window, view = pages[command["page"]]
    view.evaluate_javascript(command["script"], -1, None, None, None, ended)


def close_page(command):
    window, _view = pages.pop(command["page"])
    window.destroy()
    answer(command)


def list_downloads(command):
    answer(command, result=[item for _download, item in downloads])


def cancel_download(command):
    downloads[command["index"]][0].cancel()
    answer(command)


def tell_version(command):
    version = WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()
    answer(command, result=".".join(map(str, version)))


commands = {
    "open": open_page,
    "evaluate": evaluate,
    "close": close_page,
    "downloads": list_downloads,
    "cancel": cancel_download,
    "version": tell_version,
}


def obey(command):
    try:
        commands[command["command"]](command)
    except Exception as error:
        answer(command, error=repr(error))


def listen():
    for line in sys.stdin:
        GLib.idle_add(obey, json.loads(line))
    GLib.idle_add(Gtk.main_quit)


threading.Thread(target=listen, daemon=True).start()
Gtk.main()
