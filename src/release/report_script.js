'use strict';
// Tables are in the order of their importance; a press on a head sorts by it.
for (const table of document.querySelectorAll('table.sorts')) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const key = (row, i) => {
        const cell = row.cells[i];
        return 'v' in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
    };
    heads.forEach((head, i) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener('click', () => {
            const down = head.getAttribute('aria-sort') !== 'descending';
            const sign = down ? -1 : 1;
            heads.forEach(other => other.removeAttribute('aria-sort'));
            head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
            const rows = [...body.rows].map((row, at) => [key(row, i), at, row]);
            rows.sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]));
            body.append(...rows.map(entry => entry[2]));
        });
    });
}
// A word typed above a table or the samples leaves those that have it.
for (const input of document.querySelectorAll('input[data-of]')) {
    input.closest('label').hidden = false;
    const items = document.querySelectorAll(input.dataset.of);
    input.addEventListener('input', () => {
        const word = input.value.trim().toLowerCase();
        for (const item of items)
            item.hidden = !item.textContent.toLowerCase().includes(word);
    });
}
// A link to a rule opens it.
const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS')
        target.open = true;
};
addEventListener('hashchange', open);
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(d => (d.open = true)));
open();
