#!/usr/bin/env python3
"""The page of `minkhal report` in a browser: what it asks of the network, the keyboard,
eyes and small screens. The browser is Chromium, spoken to over its debugging pipe; where
there is none, or it does not start, the test is skipped.

usage: report_page.py MINKHAL [SCREENSHOTS]

With SCREENSHOTS, a folder, the page is also left there as pictures. TAP on standard
output.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

MINKHAL = os.path.abspath(sys.argv[1])
SHOTS = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
PATIENCE = 120  # seconds for an answer: machines may be busy


class Browser:
    """The DevTools protocol: JSON ended by NUL, on file descriptors 3 and 4."""

    def __init__(self, program, profile):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def place():
            low, high = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(low, 3)
            os.dup2(high, 4)

        options = ['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
                   '--remote-debugging-pipe', f'--user-data-dir={profile}']
        if os.geteuid() == 0:
            options.append('--no-sandbox')
        self.process = subprocess.Popen([program, *options, 'about:blank'], close_fds=False,
                                        preexec_fn=place, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.input, self.output = ours_in, ours_out
        self.rest, self.number, self.session, self.events = b'', 0, None, []
        page = next(t for t in self.call('Target.getTargets')['targetInfos']
                    if t['type'] == 'page')
        self.session = self.call('Target.attachToTarget', targetId=page['targetId'],
                                 flatten=True)['sessionId']
        for domain in 'Page', 'Runtime', 'Network', 'Log':
            self.call(f'{domain}.enable')

    def read(self):
        end = time.monotonic() + PATIENCE
        while b'\0' not in self.rest:
            ready, _, _ = select.select([self.input], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.input, 1 << 20) if ready else b''
            if not piece:
                raise TimeoutError('the browser does not answer')
            self.rest += piece
        message, self.rest = self.rest.split(b'\0', 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            message['sessionId'] = self.session
        os.write(self.output, json.dumps(message).encode() + b'\0')
        while True:
            answer = self.read()
            if answer.get('id') == self.number:
                assert 'error' not in answer, answer
                return answer['result']
            self.events.append(answer)

    def open(self, path):
        self.call('Page.navigate', url=path.as_uri())
        while not any(e['method'] == 'Page.loadEventFired' for e in self.events):
            self.events.append(self.read())

    def js(self, text):
        """The value of an expression."""
        got = self.call('Runtime.evaluate', expression=text, returnByValue=True)
        assert 'exceptionDetails' not in got, got['exceptionDetails']
        return got['result'].get('value')

    def press(self, key, code, text=''):
        for kind in 'keyDown', 'keyUp':
            self.call('Input.dispatchKeyEvent', type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text=text if kind == 'keyDown' else '')

    def type(self, text):
        self.call('Input.insertText', text=text)

    def size(self, width, height=844):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)

    def media(self, scheme, media=''):
        self.call('Emulation.setEmulatedMedia', media=media,
                  features=[{'name': 'prefers-color-scheme', 'value': scheme}])

    def shoot(self, name):
        if not SHOTS:
            return
        width, height = self.js('scrollTo(0, 0), [innerWidth, Math.min(document.body.scrollHeight, 4000)]')
        data = self.call('Page.captureScreenshot', captureBeyondViewport=True,
                         clip={'x': 0, 'y': 0, 'width': width, 'height': height, 'scale': 1})
        SHOTS.mkdir(parents=True, exist_ok=True)
        (SHOTS / f'{name}.png').write_bytes(base64.b64decode(data['data']))

    def close(self):
        self.process.kill()
        self.process.wait()


# ---- a page ----

HOSTILE = '<img src=x onerror=alert(1)>"\'&\u202e'
BODY = ['يفتح المتحف أبوابه صباح غد للزوار بعد أعمال ترميم دامت عامين في المدينة القديمة.',
        'ويضم المتحف قطعا نادرة من الخزف وأدوات قديمة من النحاس جمعها أهل الواحة.',
        'وقال مدير المتحف إن الدخول مجاني في الأسبوع الأول، وإن الأطفال مدعوون مع أهلهم.']


def documents():
    for i in range(30):
        lines = ['الرئيسية', 'اتصل بنا', 'من نحن', *BODY[: 1 + i % 3], f'القاعة رقم {i} كبيرة.',
                 'شارك على فيسبوك', 'اقرأ أيضا', 'جميع الحقوق محفوظة']
        yield {'id': HOSTILE if i == 3 else f'page-{i}', 'text': '\n'.join(lines),
               'url': f'https://h{i % 4}.example/{i}'}
    yield {'id': 'twin', 'text': '\n'.join(BODY)}
    yield {'id': 'twin again', 'text': '\n'.join(BODY)}
    yield {'id': 'turned', 'text': f'{BODY[0]}\n\u202eهذا سطر مقلوب بعلامة\u202c\n{BODY[1]}'}
    yield {'id': 'mixed', 'text': f'{BODY[0]}\nThe museum opens at nine tomorrow morning.\n'
                                  f'شارك هذا الخبر\n{BODY[1]}'}
    yield {'id': 'no text', 'title': 'nothing'}


def make_page(folder):
    source, run, page = folder / 'in.jsonl', folder / 'run', folder / 'report.html'
    source.write_text(''.join(json.dumps(d, ensure_ascii=False) + '\n' for d in documents()),
                      encoding='utf-8')
    subprocess.run([MINKHAL, 'clean', source, '-o', f'{run}/', '--ledger', 'auto', '--dedup',
                    '--max-rejects', '9', '-q'], check=True, stderr=subprocess.DEVNULL)
    subprocess.run([MINKHAL, 'report', run, '-o', page, '-q', '--title', 'A & B'], check=True)
    return page


# ---- what is asked of it ----

# The least contrast of any text that is shown, with the text: WCAG 2.2, 1.4.3.
CONTRAST = '''(() => {
    const channel = c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
    const parts = s => s.match(/[\\d.]+/g).map(Number);
    const ground = e => {
        for (; e; e = e.parentElement) {
            const c = parts(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0)
                return c;
        }
        return [255, 255, 255];
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let least = [99, ''], n = 0;
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
        if (!text || !e.checkVisibility() || e.closest('script, style'))
            continue;
        const a = light(parts(getComputedStyle(e).color)), b = light(ground(e));
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        n++;
        if (ratio < least[0])
            least = [ratio, text.slice(0, 60)];
    }
    return [n, ...least];
})()'''

NAMES = '''[...document.querySelectorAll('img, svg, input, button, select, a, summary, [role]')]
    .filter(e => !e.closest('[aria-hidden=true]'))
    .filter(e => !(e.ariaLabel || e.textContent.trim() || (e.labels && e.labels.length)
        || document.getElementById(e.getAttribute('aria-labelledby') || '-')))
    .map(e => e.outerHTML.slice(0, 80))'''

STRUCTURE = '''(() => {
    const all = s => [...document.querySelectorAll(s)];
    const levels = all('h1, h2, h3, h4').map(h => Number(h.tagName[1]));
    const ids = all('[id]').map(e => e.id);
    return {
        lang: document.documentElement.lang,
        title: document.title,
        mains: all('main').length,
        jumps: levels.filter((l, i) => l > (levels[i - 1] || 0) + 1).length,
        firsts: levels.filter(l => l === 1).length,
        twice: ids.length - new Set(ids).size,
        broken: all('a[href]').filter(a => !document.querySelector(a.getAttribute('href'))).length,
        loose: all('th:not([scope])').length,
        rows: all('tbody tr').filter(r => !r.querySelector('th[scope=row]')).length,
        images: all('img').length,
    };
})()'''

COLUMN = "[...document.querySelectorAll('#rule-rows tr')].map(r => Number(r.cells[%d].dataset.v))"
FIRST = "[...document.querySelectorAll('#rule-rows tr')].map(r => r.cells[0].textContent)"
SORT = "document.querySelectorAll('#rules ~ .scroll th')[%d].ariaSort"


def no_request(b):
    asked = [e['params']['request']['url'] for e in b.events
             if e['method'] == 'Network.requestWillBeSent']
    assert len(asked) == 1 and asked[0].startswith('file:'), asked


def no_error(b):
    bad = [e['params'] for e in b.events
           if e['method'] in ('Runtime.exceptionThrown', 'Log.entryAdded')
           or e['method'] == 'Page.javascriptDialogOpening'
           or (e['method'] == 'Runtime.consoleAPICalled' and e['params']['type'] != 'log')]
    assert not bad, bad


def structure(b):
    assert b.js(STRUCTURE) == {'lang': 'en', 'title': 'A & B', 'mains': 1, 'jumps': 0,
                               'firsts': 1, 'twice': 0, 'broken': 0, 'loose': 0, 'rows': 0,
                               'images': 0}, b.js(STRUCTURE)


def names(b):
    assert b.js(NAMES) == [], b.js(NAMES)


def sorts_by_keyboard(b):
    letters = b.js(COLUMN % 5)
    assert letters == sorted(letters, reverse=True) and len(letters) > 5, letters
    assert b.js(SORT % 5) == 'descending'
    b.js("document.querySelectorAll('#rules ~ .scroll th button')[5].focus()")
    b.press('Enter', 13, '\r')
    assert b.js(COLUMN % 5) == sorted(letters), b.js(COLUMN % 5)
    assert b.js(SORT % 5) == 'ascending'
    b.press(' ', 32, ' ')
    assert b.js(COLUMN % 5) == sorted(letters, reverse=True)
    b.js("document.querySelectorAll('#rules ~ .scroll th button')[0].focus()")
    b.press('Enter', 13, '\r')
    assert b.js(FIRST) == sorted(b.js(FIRST)) and b.js(SORT % 0) == 'ascending'
    assert b.js(SORT % 5) is None


def reached_by_tab(b):
    """From the top: the way to the figures, the parts of the page, then what can be used."""
    seen = []
    for _ in range(400):
        b.press('Tab', 9)
        seen.append(b.js('document.activeElement.tagName'))
        if seen[-1] == 'SUMMARY':
            break
        if len(seen) == 1:
            assert b.js('document.activeElement.hash') == '#records'
    assert seen[0] == 'A' and {'BUTTON', 'INPUT', 'SUMMARY'} <= set(seen), seen


def filters_by_a_word(b):
    b.js("document.querySelector('[data-of=\"#rule-rows tr\"]').focus()")
    b.type('share.')
    shown = b.js(FIRST.replace(".map(", ".filter(r => r.checkVisibility()).map("))
    assert shown and all(name.startswith('share.') for name in shown), shown
    b.js("document.querySelector('[data-of=\"#rule-rows tr\"]').select()")
    b.press('Delete', 46)
    assert len(b.js(FIRST.replace(".map(", ".filter(r => r.checkVisibility()).map("))) \
        == len(b.js(FIRST))


def opens_by_keyboard(b):
    b.js("document.querySelector('summary').focus()")
    b.press('Enter', 13, '\r')
    assert b.js("document.querySelector('#samples-of-rules details').open")
    b.js("location.hash = document.querySelector('#rule-rows a').hash")
    b.js("document.querySelector('.all').click()")
    assert b.js("[...document.querySelectorAll('details')].every(d => d.open)")


def samples_run_to_the_left(b):
    assert b.js("[...document.querySelectorAll('blockquote')]"
                ".every(q => getComputedStyle(q).direction === 'rtl')")
    assert b.js("document.querySelectorAll('blockquote del').length") > 5
    lines = b.js("[...document.querySelectorAll('blockquote p')].map(p => "
                 "[getComputedStyle(p).direction, p.textContent])")
    assert ['ltr', 'The museum opens at nine tomorrow morning.'] in lines
    assert ['rtl', BODY[0]] in lines


def texts_are_text(b):
    """What a document says is shown, and is no markup."""
    assert b.js("document.body.textContent.includes(%s)" % json.dumps(HOSTILE))


def reviews(b):
    text = b.js("document.querySelector('#review ~ .scroll').textContent")
    assert 'repair.bidi' in text and 'turned' in text, text


def contrast(b, scheme):
    b.media(scheme)
    b.size(1280)
    n, least, text = b.js(CONTRAST)
    assert n > 200 and least >= 4.5, f'{least:.2f} of {text!r}, of {n} texts'
    dark = b.js("getComputedStyle(document.body).backgroundColor").strip('rgb()').split(',')
    assert (int(dark[0]) < 128) == (scheme == 'dark'), dark
    b.shoot(scheme)


def fits(b, width):
    b.media('light')
    b.size(width)
    assert b.js('document.documentElement.scrollWidth') <= width
    wide = b.js("[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .skip')"
                f" && e.getBoundingClientRect().right > {width} + 1).map(e => e.outerHTML"
                ".slice(0, 80))")
    assert not wide, wide
    small = b.js("[...document.querySelectorAll('p, td, th, li')].filter(e => "
                 "e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 12).length")
    assert small == 0, small
    b.shoot(f'{width}')


def prints(b):
    b.size(1280)
    b.media('dark', 'print')
    b.js("document.querySelectorAll('details').forEach(d => (d.open = false))")
    b.js("dispatchEvent(new Event('beforeprint'))")
    assert b.js("[...document.querySelectorAll('details')].every(d => d.open)")
    assert b.js("getComputedStyle(document.body).backgroundColor") == 'rgb(255, 255, 255)'
    assert not b.js("document.querySelector('nav').checkVisibility()")
    n, least, text = b.js(CONTRAST)
    assert least >= 4.5, f'{least:.2f} of {text!r}'
    pdf = base64.b64decode(b.call('Page.printToPDF')['data'])
    assert pdf.startswith(b'%PDF') and len(pdf) > 10000
    if SHOTS:
        (SHOTS / 'print.pdf').write_bytes(pdf)


CHECKS = [
    ('nothing is asked of the network', no_request), ('the page has parts and heads', structure),
    ('all that can be used has a name', names), ('the keyboard reaches all', reached_by_tab),
    ('tables sort by keyboard', sorts_by_keyboard), ('a word narrows a table', filters_by_a_word),
    ('samples open by keyboard', opens_by_keyboard),
    ('samples run from right to left', samples_run_to_the_left),
    ('texts are no markup', texts_are_text), ('reviews are told by rule', reviews),
    ('contrast, light', contrast, 'light'), ('contrast, dark', contrast, 'dark'),
    ('390 pixels are enough', fits, 390), ('320 pixels are enough', fits, 320),
    ('it prints', prints), ('nothing was wrong in the console', no_error),
    ('and still nothing is asked of the network', no_request),
]


def main():
    program = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser',
                                                   'google-chrome'))), None)
    if not program:
        print('1..0 # SKIP chromium is not installed')
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix='minkhal-page-'))
    browser, failures = None, 0
    try:
        page = make_page(folder)
        try:
            browser = Browser(program, folder / 'profile')
            browser.media('light')
            browser.size(1280)
        except (OSError, TimeoutError, BrokenPipeError) as e:
            print(f'1..0 # SKIP chromium does not start: {e}')
            return 0
        browser.open(page)
        for number, (name, work, *args) in enumerate(CHECKS, 1):
            try:
                work(browser, *args)
                print(f'ok {number} - {name}', flush=True)
            except AssertionError as e:
                failures += 1
                print(f'not ok {number} - {name}\n# {str(e)[:2000]}', flush=True)
    finally:
        if browser:
            browser.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f'1..{len(CHECKS)}')
    return failures > 0


sys.exit(main())
