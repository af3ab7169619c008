const button = document.getElementById('copy');
const link = document.getElementById(button.dataset.copies);
const status = document.getElementById('copy-status');

// Without scripts the button stays hidden; one click selects the link.
button.hidden = false;
button.addEventListener('click', async () => {
  status.textContent = (await copied())
    ? 'Copied to the clipboard.'
    : 'Press Ctrl+C or Cmd+C to copy the selected link.';
});

async function copied() {
  try {
    // Available over https and on localhost only.
    await navigator.clipboard.writeText(link.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(link);
    return document.execCommand('copy');
  }
}
