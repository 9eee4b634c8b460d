#!/usr/bin/env python3
"""Compare minkhal with trafilatura and newspaper4k on saved pages of HTML.

    bench/html_pages.py PAGES LABELLED.jsonl SCORE.py [--minkhal build/minkhal]

PAGES          a folder of ID.html
LABELLED.jsonl pages with labelled lines, one a line, with a member "id"; the
               others are left out
SCORE.py       takes LABELLED.jsonl and {"id", "text"} lines, prints figures

Each tool reads the same bytes and is timed in one process on one core; the
start of Python is not counted for the others. Tools that are not installed are
left out. Nothing is fetched.
"""
import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time


def with_trafilatura():
    import trafilatura

    return lambda page: trafilatura.extract(page) or ""


def with_newspaper():
    from newspaper import Article

    def run(page):
        charset = "cp1256" if b"windows-1256" in page[:2048] else "utf-8"
        article = Article("http://page.invalid/", language="ar")
        article.download(input_html=page.decode(charset, "replace"))
        article.parse()
        return article.title + "\n" + article.text

    return run


def run_python(make, pages, out):
    """Seconds that the tool took."""
    run = make()
    run(next(iter(pages.values())))  # what is loaded late is not counted
    start = time.perf_counter()
    texts = {name: run(page) for name, page in pages.items()}
    seconds = time.perf_counter() - start
    with open(out, "w", encoding="utf-8") as f:
        for name, text in texts.items():
            f.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")
    return seconds


def run_minkhal(command, folder, out):
    raw = out + ".raw.jsonl"
    start = time.perf_counter()
    subprocess.run([command, "clean", folder, "-o", raw, "-j", "1", "-q"], check=True)
    seconds = time.perf_counter() - start
    with open(raw, encoding="utf-8") as f, open(out, "w", encoding="utf-8") as g:
        for line in f:
            doc = json.loads(line)
            g.write(json.dumps({"id": doc["id"], "text": doc["text"]}, ensure_ascii=False) + "\n")
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=pathlib.Path)
    parser.add_argument("labelled")
    parser.add_argument("score")
    parser.add_argument("--minkhal", default="build/minkhal")
    args = parser.parse_args()
    pages = {p.stem: p.read_bytes() for p in sorted(args.pages.glob("*.html"))}
    size = sum(map(len, pages.values())) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        labelled = os.path.join(folder, "labelled.jsonl")
        with open(args.labelled, encoding="utf-8") as f, open(labelled, "w", encoding="utf-8") as g:
            g.writelines(line for line in f if json.loads(line)["id"] in pages)
        tools = {
            "minkhal": lambda out: run_minkhal(args.minkhal, args.pages, out),
            "trafilatura": lambda out: run_python(with_trafilatura, pages, out),
            "newspaper4k": lambda out: run_python(with_newspaper, pages, out),
        }
        for name, run in tools.items():
            out = os.path.join(folder, name + ".jsonl")
            try:
                seconds = run(out)
            except ImportError as error:
                print(f"{name}: not installed ({error})")
                continue
            figures = subprocess.run([sys.executable, args.score, labelled, out],
                                     capture_output=True, text=True, check=True).stdout
            print(f"{name}\t{size / seconds:.2f} MB/s\t{figures.splitlines()[-1]}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest child process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
