package org.jenkinsci.plugins.credentialsbinding.impl

/** What the Credentials Binding plugin throws. */
class CredentialNotFoundException extends Exception {
    CredentialNotFoundException(String message) { super(message) }
}
