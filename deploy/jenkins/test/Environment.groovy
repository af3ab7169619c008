/** `env` of the Jenkinsfile. */
class Environment {
    def propertyMissing(String name) { Steps.HERE.get().env[name] }
    void propertyMissing(String name, value) { Steps.HERE.get().env[name] = value as String }
}
