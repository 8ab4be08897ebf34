// Package model is the protocol of the SSE-C keys as a model, small enough that
// every state can be looked at: rotations, retirements, puts by functions that
// keep the key ring in memory, sweeps, crashes at any step, Secrets Manager
// removing versions without a label, and time.
//
// A [Protocol] is one way to rotate keys, with the bounds of what happens. Check
// looks at each state that any order of steps can lead to, in order of their
// number, so that the first violation that it meets has the shortest way to it.
// A check that saw all states and no violation proves the protocol within its
// bounds. One that was truncated proves nothing, and says so.
//
// # What a state is
//
// A secret has versions, each with a ring: which keys it has, and which is the
// primary. The key that a rotation adds has the number of its version, as k2 of
// v2. A bucket with versioning has two objects, A and B. Of an object, a state
// has the key of its current version, and which keys its noncurrent versions
// need. A value is nothing but whether it is the last one that was acknowledged.
//
// # Steps
//
// Each step is one call of AWS that changes or reads something, or one of its
// effects. What a function knows from an earlier call, it keeps over any number
// of steps of others. Writers and sweepers can only do what is in their memory,
// so a put is two steps: it is sent, under a key, and S3 carries it out later.
//
// # Time
//
// Time is counted in the time that a ring may be kept ([ssec.RingTTL]), and a
// function's timeout is as long. A ring's age counts from before the call that
// read it. The bounds are closed: what may be done within a time may be done at
// its end. A put is carried out within its function's timeout or never. That S3
// carries out no request after its client ended by more than that is assumed:
// no page says so.
//
// # What is left out
//
// A wrong key is always refused, a right one never. Tags can lie where a
// protocol looks at them; elsewhere they only save calls.
package model
