"""The course as a static site on which everything runs in the browser: JupyterLite with Python in WebAssembly.

    pins -> pantry -> wheels -> lockfile -> site.build_site(folder)        failover-kit lite FOLDER

Nothing is asked of any other host once the site is built: the interpreter, every package and the notebooks lie in the
folder. There are no sockets in a browser, so labs run in virtual time; all else is the same kit.
"""
