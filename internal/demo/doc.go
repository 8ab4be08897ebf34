// Package demo deploys the whole system into the local AWS, with the CDK's own
// CLI, and then walks through what the patterns promise: scene by scene, what
// is called, what comes back, and what was expected.
package demo
