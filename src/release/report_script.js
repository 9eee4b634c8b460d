'use strict';
// A press on a head sorts by it: numbers from the greatest, text from the first.
for (const table of document.querySelectorAll('table.sorts')) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells].filter(head => head.textContent);
    const key = (row, i) => {
        const cell = row.cells[i];
        return 'v' in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
    };
    for (const head of heads) {
        const i = head.cellIndex;
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener('click', () => {
            const was = head.getAttribute('aria-sort');
            const down = was ? was === 'ascending' : head.classList.contains('n');
            const sign = down ? -1 : 1;
            heads.forEach(other => other.removeAttribute('aria-sort'));
            head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
            const rows = [...body.rows].map((row, at) => [key(row, i), at, row]);
            rows.sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]));
            body.append(...rows.map(entry => entry[2]));
        });
    }
}
// A word typed above a table or the samples leaves those that have it.
for (const input of document.querySelectorAll('input[data-of]')) {
    const bar = input.closest('.only');
    const items = [...document.querySelectorAll(input.dataset.of)];
    bar.hidden = false;
    input.addEventListener('input', () => {
        const word = input.value.trim().toLowerCase();
        for (const item of items)
            item.hidden = !item.textContent.toLowerCase().includes(word);
        const shown = items.filter(item => !item.hidden).length;
        bar.querySelector('output').textContent = word ? `${shown} of ${items.length}` : '';
    });
}
const samples = [...document.querySelectorAll('#samples-of-rules > details')];
const all = document.querySelector('.all');
all.addEventListener('click', () => {
    const open = samples.some(d => !d.hidden && !d.open);
    samples.filter(d => !d.hidden).forEach(d => (d.open = open));
    all.textContent = open ? 'Close all' : 'Open all';
});
// A link to a rule opens it.
const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS')
        target.open = true;
};
addEventListener('hashchange', open);
addEventListener('beforeprint', () => samples.forEach(d => (d.open = true)));
open();
// Only what scrolls is worth a stop of the keyboard.
const stops = () => {
    for (const box of document.querySelectorAll('.scroll'))
        box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
};
addEventListener('resize', stops);
stops();
