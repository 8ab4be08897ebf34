// Package chaos has one test: the functions put, get, rotate and sweep run as
// processes on a local AWS and are killed at random, while an oracle looks at
// every stored version every few milliseconds. It has what package model leaves
// out, the program itself, and none of its completeness: it happens upon what it
// finds. So it has a control, a sweep that overwrites, and must find that.
//
// The processes are built with the tag chaos, with which a ring is kept for less
// than a second, and a key can retire while one watches.
//
// `make test` runs it for 10 seconds, `make chaos` for a minute. The seed that it
// prints repeats what each takes part in does and how long it waits, not what the
// scheduler of the machine makes of it.
package chaos
