// Package wings holds the two halves of this program against each other: what
// the rules say of a template, and what the local AWS does with it. It deploys
// the templates of the rules' fixtures and of the access tables, and compares
// what was read, what the stacks have, and what works.
//
// Where they differ, testdata/differences says why; a line there that is no
// longer true fails the tests.
package wings
