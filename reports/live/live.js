// In the browser: shows what headroom sends, and keeps the last page when the run has ended.
const live = document.getElementById('live');
const state = document.getElementById('state');
const stop = document.getElementById('stop');
const events = new EventSource('events');

events.addEventListener('open', () => {
  state.textContent = 'live';
});
events.addEventListener('now', (event) => {
  // An update would close the table that the reader has opened.
  if (live.querySelector('details[open]')) return;
  live.innerHTML = JSON.parse(event.data);
});
events.addEventListener('report', (event) => {
  events.close();
  const report = new DOMParser().parseFromString(JSON.parse(event.data), 'text/html');
  document.title = report.title;
  document.body.replaceChildren(...report.body.children);
});
events.addEventListener('error', () => {
  state.textContent = 'no connection to headroom';
});
stop.addEventListener('submit', async (event) => {
  event.preventDefault();
  stop.querySelector('button').disabled = true;
  const answer = await fetch('stop', { method: 'POST' });
  state.textContent = answer.ok ? 'stopping; the report follows' : `not stopped: ${answer.status}`;
});
