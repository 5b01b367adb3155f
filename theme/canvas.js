// A click on the button puts a canvas in the place of the still picture and starts the program that draws on it.
(() => {
    const button = document.querySelector('button[data-program]');
    const image = button && [...document.querySelectorAll('main img')]
        .findLast(picture => picture.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
    button?.addEventListener('click', async () => {
        const status = button.parentElement.querySelector('[role="status"]');
        const canvas = document.createElement('canvas');
        canvas.id = 'pixels';
        canvas.width = image.width;
        canvas.height = image.height;
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', image.alt);
        // The still picture is seen until the program has drawn.
        canvas.style.background = `url("${image.src}") 0 0 / 100% 100%`;
        image.replaceWith(canvas);
        button.hidden = true;
        status.textContent = 'It is loading.';
        try {
            const { default: start } = await import(new URL(button.dataset.program, document.baseURI));
            await start();
            status.textContent = 'It runs. Click on the triangle.';
        } catch (why) {
            canvas.replaceWith(image);
            status.textContent = `This browser does not run it: ${why.message}`;
        }
    }, { once: true });
})();
