/** Ant's patterns, several by commas: `**` any folders, `*` anything but a slash. */
class Glob {
    /** The files in `folder` that match, as sorted paths inside it. */
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
