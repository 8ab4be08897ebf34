package trace

import (
	"time"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/test/model"
)

// step is a property that the model has by its steps: it has no others.
const step model.Property = "each call is a step of the model"

// allowRing: a new ring is its parent's with one more key, the primary, or without
// one that is not the primary.
func (w *world) allowRing(made *ssec.Ring) {
	text, known := w.secret.all[made.Parent()]
	if !known {
		w.fail(step, "the new ring's parent, %q, is no version", made.Parent())
		return
	}
	parent := parsed(text)
	primary, _ := made.Primary()
	old, _ := parent.Primary()
	_, has := parent.Key(primary)
	rotates := made.Len() == parent.Len()+1 && !has && made.Holds(parent) == nil
	retires := made.Len() == parent.Len()-1 && primary == old && parent.Holds(made) == nil
	if !rotates && !retires {
		w.fail(step, "a ring of %v is made from one of %v", made.IDs(), parent.IDs())
	}
}

// allowMove: AWSCURRENT moves from a version to one that was made from it.
func (w *world) allowMove(label, from, to string) {
	if label != current {
		return
	}
	made, was := parsed(w.secret.texts[to]), parsed(w.secret.texts[from])
	if made.Parent() != from {
		w.fail(step, "AWSCURRENT moves from %s to %s, which was made from %s", from, to, made.Parent())
	}
	if made.Len() > was.Len() {
		w.counts.rotations++
	} else {
		w.counts.retirements++
	}
}

// allowWrite: after the announced time, a write is under the primary key.
func (w *world) allowWrite(keyID string, timeout time.Duration) {
	primary, _ := w.secret.ring().Primary()
	if past := time.Since(w.secret.moved); keyID != primary && past > ssec.RingTTL+timeout {
		w.fail(model.OnlyPrimary, "a write under %s, %s after %s became the primary", keyID, past, primary)
	}
}
