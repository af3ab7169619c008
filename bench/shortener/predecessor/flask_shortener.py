"""The predecessor's logic, rewritten in its smallest form: a JSON file read at every request, written at every creation."""
import json
import os

from flask import Flask, abort, flash, jsonify, redirect, render_template_string, request, session, url_for

app = Flask(__name__)
app.secret_key = os.urandom(32)
URLS = os.environ["URLS_FILE"]


@app.route("/")
def home():
    return render_template_string("{% for code in codes %}<p>{{ code }}</p>{% endfor %}", codes=session.keys())


@app.route("/your-url", methods=["GET", "POST"])
def your_url():
    if request.method != "POST":
        return redirect(url_for("home"))
    urls = {}
    if os.path.exists(URLS):
        with open(URLS) as urls_file:
            urls = json.load(urls_file)
    if request.form["code"] in urls:
        flash("That short name has already been taken.")
        return redirect(url_for("home"))
    urls[request.form["code"]] = {"url": request.form["url"]}
    with open(URLS, "w") as urls_file:
        json.dump(urls, urls_file)
    session[request.form["code"]] = True
    return render_template_string("{{ code }}", code=request.form["code"])


@app.route("/<string:code>")
def redirect_to_url(code):
    if os.path.exists(URLS):
        with open(URLS) as urls_file:
            urls = json.load(urls_file)
            if code in urls and "url" in urls[code]:
                return redirect(urls[code]["url"])
    return abort(404)


@app.route("/api")
def session_api():
    return jsonify(list(session.keys()))
