// Package keystatus says, for people, how the keys of a stage's ring are doing:
// which there are, how old they are, what needs them, and how their rotation
// goes. It reads, and changes nothing.
package keystatus
