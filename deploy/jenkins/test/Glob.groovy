/** Ant patterns, separated by commas: `**` matches any folders, `*` anything but a slash. */
class Glob {
    /** The matching files in `folder`, as sorted relative paths. */
    static List<String> files(File folder, String includes, String excludes = null) {
        if (!folder.exists()) return []
        def wanted = patterns(includes), unwanted = patterns(excludes ?: '')
        def found = []
        folder.eachFileRecurse(groovy.io.FileType.FILES) {
            def path = folder.toPath().relativize(it.toPath()).toString()
            if (wanted.any { path ==~ it } && !unwanted.any { path ==~ it }) found << path
        }
        found.sort()
    }

    private static List<String> patterns(String text) {
        text.split(',')*.trim().findAll().collect {
            (it.endsWith('/') ? it + '**' : it).replaceAll(/[.+()\[\]{}^$|]/, /\\$0/)
                .replace('**/', '\u0001').replace('**', '\u0002').replace('*', '[^/]*').replace('?', '[^/]')
                .replace('\u0001', '(?:.*/)?').replace('\u0002', '.*')
        }
    }
}
