// A box that scrolls sideways is a stop for the keyboard; one that does not is none.
const boxes = document.querySelectorAll('main pre > code, main .table-wrapper');
const watch = new ResizeObserver(changes => {
    for (const { target } of changes) {
        if (target.scrollWidth > target.clientWidth) {
            target.tabIndex = 0;
        } else {
            target.removeAttribute('tabindex');
        }
    }
});
boxes.forEach(box => watch.observe(box));
