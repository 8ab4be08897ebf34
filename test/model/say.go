package model

import (
	"fmt"
	"strings"
)

// kind is what a step does.
type kind uint8

const (
	timePasses kind = iota
	versionRemoved
	rotationBegins
	rotationRepeats
	rotationLooks
	rotationCreates
	rotationWalked
	rotationSkips
	rotationCopySent
	rotationCopyDone
	rotationCopyRefused
	rotationTests
	rotationFailsTest
	rotationFinishes
	rotationFinishesUnheard
	rotationGivesUp
	rotationCrashes
	handAdds
	handSwaps
	handReplaces
	handPutsBack
	writerLooks
	putSent
	putDone
	sweeperLooks
	copySent
	copyDone
	copyRefused
	deleted
	expired
	tagLies
	readerLooks
	retirementBegins
	retirementLooks
	retirementRefused
	retirementPuts
	retirementDone
	retirementGivesUp
)

// say is the step in words. s is the state before it.
func (p *Protocol) say(s state, m move) string {
	i, n := m.i, m.n
	switch m.kind {
	case timePasses:
		return "time passes: a ring in memory is as much older"
	case versionRemoved:
		return fmt.Sprintf("Secrets Manager removes v%d, which has no label", i)
	case rotationBegins:
		return fmt.Sprintf("rotation %d begins: it is to make v%d", i+1, n)
	case rotationRepeats:
		return fmt.Sprintf("rotation %d is a second invocation of the one that makes v%d", i+1, n)
	case rotationLooks:
		if m.to.rotators[i].stage != creating {
			return fmt.Sprintf("rotation %d, createSecret: finds v%d, made by an earlier try", i+1, n)
		}
		return fmt.Sprintf("rotation %d, createSecret: reads AWSCURRENT, v%d %s", i+1, s.current, s.ring())
	case rotationCreates:
		return fmt.Sprintf("rotation %d, createSecret: puts v%d %s as AWSPENDING", i+1, n, m.to.versions[n])
	case rotationWalked:
		return fmt.Sprintf("rotation %d, setSecret: has copied every object", i+1)
	case rotationSkips:
		return fmt.Sprintf("rotation %d, setSecret: %s needs no copy", i+1, name(n))
	case rotationCopySent, copySent:
		who, r := fmt.Sprintf("rotation %d, setSecret:", i+1), m.to.rotators[i].request
		if m.kind == copySent {
			who, r = fmt.Sprintf("sweeper %d", i+1), m.to.sweepers[i].request
		}
		return fmt.Sprintf("%s sends a copy of %s, which is under k%d, to under k%d", who, name(n), s.objects[n].key, r.key)
	case rotationCopyDone, copyDone:
		return fmt.Sprintf("S3 carries out the copy of %s: it is under k%d", name(n), m.to.objects[n].key)
	case rotationCopyRefused, copyRefused:
		return fmt.Sprintf("S3 refuses the copy of %s, which has changed (412)", name(n))
	case rotationTests:
		return fmt.Sprintf("rotation %d, testSecret: v%d is right", i+1, n)
	case rotationFailsTest:
		return fmt.Sprintf("rotation %d, testSecret: v%d is gone, or lacks a key, and it gives up", i+1, n)
	case rotationFinishes, rotationFinishesUnheard:
		after := ""
		if m.kind == rotationFinishesUnheard {
			after = ", and crashes: it is to be tried again"
		}
		if s.current == n {
			return fmt.Sprintf("rotation %d, finishSecret: v%d is AWSCURRENT already%s", i+1, n, after)
		}
		return fmt.Sprintf("rotation %d, finishSecret: moves AWSCURRENT from v%d to v%d%s", i+1, s.current, n, after)
	case rotationGivesUp:
		return fmt.Sprintf("rotation %d, finishSecret: v%d was not made from AWSCURRENT, v%d, and it gives up", i+1, n, s.current)
	case rotationCrashes:
		return fmt.Sprintf("rotation %d crashes: it is to be tried again, for v%d", i+1, n)
	case handAdds, handSwaps, handReplaces:
		how := map[kind]string{
			handAdds:     "a key is added by hand",
			handSwaps:    "a key is added and the old one, which no object needs, is removed by hand",
			handReplaces: "the key's digits are replaced by hand, under the same name; they are k" + fmt.Sprint(n),
		}
		return fmt.Sprintf("%s: AWSCURRENT is v%d %s", how[m.kind], n, m.to.versions[n])
	case handPutsBack:
		return fmt.Sprintf("the value before is put back by hand: AWSCURRENT is v%d %s", n, s.versions[n])
	case writerLooks:
		return fmt.Sprintf("writer %d reads the ring: v%d %s", i+1, n, s.versions[n])
	case putSent:
		return fmt.Sprintf("writer %d sends a put of %s under k%d, the primary of its ring, v%d", i+1, name(n), m.to.writers[i].key, s.writers[i].ring)
	case putDone:
		return fmt.Sprintf("S3 carries out the put of %s under k%d", name(n), m.to.objects[n].key)
	case sweeperLooks:
		return fmt.Sprintf("sweeper %d reads the ring: v%d %s", i+1, n, s.versions[n])
	case deleted:
		return fmt.Sprintf("%s is deleted: it has a delete marker", name(i))
	case expired:
		return fmt.Sprintf("the noncurrent versions of %s under k%d expire", name(i), n)
	case tagLies:
		return fmt.Sprintf("somebody changes the tag of %s, which is under k%d, to k%d", name(i), s.objects[i].key, n)
	case readerLooks:
		return fmt.Sprintf("the warm reader reads the ring: v%d %s", n, s.versions[n])
	case retirementBegins:
		return fmt.Sprintf("the retirement of k%d begins: AWSCURRENT is v%d %s", i, n, s.versions[n])
	case retirementLooks:
		return fmt.Sprintf("the retirement finds that %s does not need k%d", name(n), i)
	case retirementRefused:
		return fmt.Sprintf("the retirement finds that %s needs k%d, and ends", name(n), i)
	case retirementPuts:
		return fmt.Sprintf("the retirement puts v%d %s", n, m.to.versions[n])
	case retirementDone:
		return fmt.Sprintf("the retirement moves AWSCURRENT from v%d to v%d: k%d is gone", s.current, n, i)
	case retirementGivesUp:
		return "the retirement finds AWSCURRENT moved, and gives up"
	}
	panic(fmt.Sprint("a step without words: ", m.kind))
}

// wrong says what the state breaks.
func (p *Protocol) wrong(s state) string {
	said := "WRONG: " + string(s.broken.property()) + ", but "
	lacking := p.opens(&s)
	switch s.broken {
	case lostForGood:
		lacking = s.labelled()
	case warmMisses:
		lacking = s.versions[s.reader.ring].keys
	case lostPut:
		return said + "a copy has replaced a later put"
	case resurrected:
		return said + "a copy has replaced a delete marker"
	case notByPrimary:
		return said + fmt.Sprintf("this one is not: the primary is k%d", s.ring().primary)
	}
	for i := range s.objects {
		if missing := s.objects[i].keys() &^ lacking; missing != 0 {
			return said + fmt.Sprintf("%s needs %s", name(uint8(i)), missing)
		}
	}
	panic("nothing is wrong")
}

func name(object uint8) string { return string(rune('A' + object)) }

func (k keys) String() string {
	var names []string
	for n := range uint8(maxVersions) {
		if k.has(n) {
			names = append(names, fmt.Sprint("k", n))
		}
	}
	return strings.Join(names, ", ")
}

// String is the ring, with its primary.
func (v version) String() string {
	if v.keys == keys(0).with(v.primary) {
		return fmt.Sprintf("[k%d]", v.primary)
	}
	return fmt.Sprintf("[%s; primary k%d]", v.keys, v.primary)
}
