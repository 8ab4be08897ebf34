// Package trace holds the program to the model of package model: it drives the
// rotation, the sweep and the retirement as they are, one call of AWS at a time,
// in random orders, with crashes and with time passing, and looks after each call
// whether it is a step that the model has, and whether the model's properties
// hold.
//
// Secrets Manager and S3 are small stand-ins, so that nothing but the seed decides
// what happens. What AWS itself does is held against its pages elsewhere, in the
// tests of the local AWS.
package trace
