// Package query answers questions to the stacks of a stage: who may do what with
// what. Each of the three may be left out, and is then what the answer tells:
// who can read this object, what somebody may do with a key, whom an action is
// open to.
//
// An action is one of AWS ("s3:GetObject"), which one request is decided for, or
// a use of an object, "get" or "put", which takes several requests that are
// answered together (see package reach).
//
// What is asked about must exist: names that nobody has, actions and condition
// keys that AWS doesn't have, and resources that an action is not about are
// errors that name what is near. An answer to another question than the one that
// was meant would be worse than none.
package query
