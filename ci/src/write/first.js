(() => {
    const html = document.documentElement;
    const kept = name => {
        try { return localStorage.getItem('mdbook-' + name); } catch { return null; }
    };
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    html.className = (kept('theme') || (dark ? 'navy' : 'light')) + ' js';
    const open = innerWidth >= 1080 && kept('sidebar') !== 'hidden';
    document.getElementById('mdbook-sidebar-toggle-anchor').checked = open;
})();
