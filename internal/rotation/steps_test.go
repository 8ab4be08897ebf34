package rotation

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

func raw(t *testing.T, key ssec.Key) []byte {
	t.Helper()
	_, text, _ := key.Customer()
	b, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestARotationAddsAKeyAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, text := range []string{one, two, strings.Repeat("k", ssec.KeySize)} {
		w := newWorld(t, text)
		first, old := w.ring("AWSCURRENT")
		w.rotate(tokenA)
		if id, _ := w.ring("AWSPREVIOUS"); id != first {
			t.Errorf("AWSPREVIOUS is %s, want %s", id, first)
		}
		w.rotate(tokenB)
		if _, now := w.ring("AWSCURRENT"); now.Holds(old) != nil || now.Len() != old.Len()+2 {
			t.Errorf("keys %v after two rotations of %v", now.IDs(), old.IDs())
		}
		w.silent()
		w.untouched()
	}
}

// untouched demands that the test in S3 has left nothing.
func (w *world) untouched() {
	w.t.Helper()
	versions, uploads := w.leftovers()
	if versions+uploads > 0 {
		w.t.Errorf("the bucket has %d versions and %d uploads", versions, uploads)
	}
}

func TestStepsCanBeRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.announce(tokenA)
	r := w.rotator(nil, nil)
	for _, step := range allSteps {
		if err := w.run(r, tokenA, step, step); err != nil {
			t.Error(step, err)
		}
	}
	w.rotated(tokenA)
	if err := w.run(r, tokenA, allSteps...); err != nil {
		t.Error("after the rotation:", err)
	}
	w.rotated(tokenA)
}

// A function that is killed at any call, before or after AWS carried it out, is
// invoked again from the first step.
func TestACrashAtAnyCallLosesNothing(t *testing.T) {
	t.Parallel()
	crash := errors.New("killed")
	server := newWorld(t, two)
	for _, carriedOut := range []bool{false, true} {
		for n := 1; ; n++ {
			w := server.with(two)
			_, old := w.ring("AWSCURRENT")
			w.announce(tokenA)
			calls, at := 0, ""
			die := func(operation string) error {
				if calls++; calls >= n {
					if calls == n {
						at = operation
					}
					return crash
				}
				return nil
			}
			r := w.rotator(die, nil)
			if carriedOut {
				r = w.rotator(func(string) error {
					if calls >= n {
						return crash
					}
					return nil
				}, die)
			}
			err := w.run(r, tokenA, allSteps...)
			if at == "" {
				if n < 12 || err != nil {
					t.Errorf("a rotation makes %d calls: %v", n-1, err)
				}
				break
			}
			if _, now := w.ring("AWSCURRENT"); now.Holds(old) != nil {
				t.Errorf("after a crash at call %d, %s: keys are lost", n, at)
			}
			if err := w.run(w.rotator(nil, nil), tokenA, allSteps...); err != nil {
				t.Errorf("after a crash at call %d, %s: %v", n, at, err)
			}
			w.rotated(tokenA)
		}
	}
}

func TestTheSameStepsAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.announce(tokenA)
	for _, step := range allSteps {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := w.run(w.rotator(nil, nil), tokenA, step); err != nil {
					t.Error(step, err)
				}
			})
		}
		all.Wait()
	}
	w.rotated(tokenA)
}

// What somebody else does to the secret between createSecret and finishSecret is
// kept, and the rotation gives up.
func TestARotationLosesToWhoeverWasFirst(t *testing.T) {
	t.Parallel()
	server := newWorld(t, two)
	for name, change := range map[string]func(w *world){
		"an edit by hand": func(w *world) { w.edit(three, "", "") },
		"a retirement": func(w *world) {
			id, now := w.ring("AWSCURRENT")
			made, err := now.Retire("k0", id)
			if err != nil {
				w.t.Fatal(err)
			}
			w.edit(made.Text(), tokenB, "RETIRING")
			w.move("AWSCURRENT", id, tokenB)
		},
		"another rotation": func(w *world) {
			w.move("AWSPENDING", tokenA, "")
			w.rotate(tokenB)
		},
	} {
		for _, when := range []string{"createSecret", "testSecret", "finishSecret"} {
			t.Run(name+" before "+when, func(t *testing.T) {
				w := server.with(two)
				w.t = t
				w.announce(tokenA)
				if err := w.run(w.rotator(nil, nil), tokenA, "createSecret"); err != nil {
					t.Fatal(err)
				}
				change(w)
				id, now := w.ring("AWSCURRENT")
				err := w.run(w.rotator(nil, nil), tokenA, allSteps[slices.Index(allSteps, when):]...)
				want := function.Conflict
				if name == "another rotation" {
					want = function.BadRequest // its AWSPENDING is gone already
				}
				w.wantType(err, want)
				if again, _ := w.ring("AWSCURRENT"); again != id {
					t.Errorf("AWSCURRENT is %s, was %s", again, id)
				}
				if err := w.run(w.rotator(nil, nil), tokenA, "createSecret"); err == nil {
					t.Error("a rotation that can't be any more is tried again")
				}
				w.rotate("cccccccc-0000-4000-8000-000000000000")
				if _, after := w.ring("AWSCURRENT"); after.Holds(now) != nil {
					t.Error("the next rotation lost a key")
				}
			})
		}
	}
}

// Another one moves AWSCURRENT after finishSecret has looked at it.
func TestFinishSecretComparesAndSwaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two)
	w.announce(tokenA)
	var once sync.Once
	r := w.rotator(func(operation string) error {
		if operation == "UpdateSecretVersionStage" {
			once.Do(func() { w.edit(three, tokenB, "") })
		}
		return nil
	}, nil)
	w.wantType(w.run(r, tokenA, allSteps...), function.Conflict, "rotate again")
	if id, _ := w.ring("AWSCURRENT"); id != tokenB {
		t.Errorf("AWSCURRENT is %s, want %s", id, tokenB)
	}
	if labels := w.labels()[tokenA]; len(labels) > 0 {
		t.Errorf("the version that lost has %v", labels)
	}
	w.rotate("cccccccc-0000-4000-8000-000000000000")
}

// AWSCURRENT was moved, and the answer got lost.
func TestFinishSecretKnowsItsOwnMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, two)
	w.announce(tokenA)
	r := w.rotator(nil, func(operation string) error {
		if operation == "UpdateSecretVersionStage" {
			return errors.New("lost")
		}
		return nil
	})
	if err := w.run(r, tokenA, allSteps...); err != nil {
		t.Error(err)
	}
	w.rotated(tokenA)
}

func TestStepsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	first, _ := w.ring("AWSCURRENT")
	w.rotate(tokenA)
	w.announce(tokenB)
	for name, e := range map[string]Event{
		"another secret":        {"createSecret", w.SecretARN + "x", tokenB},
		"the secret's name":     {"createSecret", "ring", tokenB},
		"no secret":             {"createSecret", "", tokenB},
		"an unknown step":       {"dropSecret", w.SecretARN, tokenB},
		"no step":               {"", w.SecretARN, tokenB},
		"another spelling":      {"CreateSecret", w.SecretARN, tokenB},
		"a token of no version": {"finishSecret", w.SecretARN, strings.Repeat("d", 36)},
		"no token":              {"finishSecret", w.SecretARN, ""},
		"AWSPREVIOUS":           {"finishSecret", w.SecretARN, first},
	} {
		err := w.rotator(nil, nil).Step(t.Context(), e)
		w.wantType(err, function.BadRequest)
		if id, _ := w.ring("AWSCURRENT"); id != tokenA {
			t.Fatalf("%s: AWSCURRENT is %s", name, id)
		}
	}
	w.wantType(w.run(w.rotator(nil, nil), tokenB, "finishSecret"), function.Conflict, "createSecret has not run")
	w.turnOff()
	w.wantType(w.run(w.rotator(nil, nil), tokenB, "createSecret"), function.BadRequest, "turned off")
}

// An AWSPENDING version that isn't AWSCURRENT with one more key, whoever made it.
func TestFinishSecretRefusesARingThatIsNoRotation(t *testing.T) {
	t.Parallel()
	server := newWorld(t, two)
	for name, c := range map[string]struct {
		text string // %s is AWSCURRENT's version
		want function.Type
	}{
		"a key is gone":        {`{"v":1,"primary":"k2","parent":"%s","k1":"` + hex1 + `","k2":"` + hex2 + `"}`, KeyLost},
		"a key is renamed":     {`{"v":1,"primary":"k2","parent":"%s","a":"` + hex0 + `","k1":"` + hex1 + `","k2":"` + hex2 + `"}`, KeyLost},
		"a key is changed":     {`{"v":1,"primary":"k2","parent":"%s","k0":"` + hex2 + `","k1":"` + hex1 + `","k2":"` + hex2 + `"}`, KeyLost},
		"no key is new":        {`{"v":1,"primary":"k0","parent":"%s","k0":"` + hex0 + `","k1":"` + hex1 + `"}`, function.Conflict},
		"the primary is old":   {`{"v":1,"primary":"k0","parent":"%s","k0":"` + hex0 + `","k1":"` + hex1 + `","k2":"` + hex2 + `"}`, function.Conflict},
		"no parent":            {`{"v":1,"primary":"k2","k0":"` + hex0 + `","k1":"` + hex1 + `","k2":"` + hex2 + `"}%.0s`, function.Conflict},
		"another parent":       {`{"v":1,"primary":"k2","parent":"x%s","k0":"` + hex0 + `","k1":"` + hex1 + `","k2":"` + hex2 + `"}`, function.Conflict},
		"no ring":              {`{"k2":"` + hex2 + `","%s":1}`, function.BadSecret},
		"a password, as AWS's": {strings.Repeat("p", 32) + "%.0s", function.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			for _, step := range []string{"createSecret", "testSecret", "finishSecret"} {
				w := server.with(two)
				w.t = t
				id, _ := w.ring("AWSCURRENT")
				w.announce(tokenA)
				w.edit(fmt.Sprintf(c.text, id), tokenA, "AWSPENDING")
				w.wantType(w.run(w.rotator(nil, nil), tokenA, step), c.want)
				if now, _ := w.ring("AWSCURRENT"); now != id {
					t.Errorf("%s: AWSCURRENT is %s, was %s", step, now, id)
				}
				if got, want := len(w.labels()[tokenA]) == 1, step == "testSecret"; got != want {
					t.Errorf("%s: AWSPENDING stays: %t", step, got)
				}
				if step != "testSecret" {
					w.rotate(tokenB)
				}
			}
		})
	}
}
