// Stands in the page only below a launch picture (the app's own markup of its last list of rooms). The code of the page is
// fetched at once, and runs when the picture was painted. A room that is clicked meanwhile is opened then.
(() => {
  const { code } = document.currentScript.dataset;
  const picture = document.querySelector('#launch');
  picture.addEventListener('click', (event) => {
    const row = event.target.closest('[data-launch-room]');
    if (row) picture.dataset.room = row.dataset.launchRoom;
  });
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    performance.mark('picture');
    import(code);
  };
  // What a frame schedules runs after its paint. A window in the tray has no frames.
  requestAnimationFrame(() => setTimeout(begin));
  setTimeout(begin, 300);
})();
