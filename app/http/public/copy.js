const button = document.getElementById('copy');
const field = document.getElementById(button.dataset.copies);
const status = document.getElementById('copy-status');

// Without scripts the button stays hidden; the link can be selected and copied by hand.
button.hidden = false;
field.addEventListener('focus', () => field.select());
button.addEventListener('click', async () => {
  status.textContent = (await copied())
    ? 'Copied to the clipboard.'
    : 'Press Ctrl+C or Cmd+C to copy the selected link.';
});

async function copied() {
  try {
    // Available over https and on localhost only.
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand('copy');
  }
}
