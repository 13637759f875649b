// Checks an audit log by Go's checksum database code: note, tlog. Usage:
// checklog ADDRESS TOKEN KEYS-FILE [old CHECKPOINT-FILE | proof PROOF-FILE]...
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

type server struct {
	address, token string
	tiles          int
}

func (s *server) get(path string) []byte {
	request, err := http.NewRequest("GET", s.address+"/v1/audit/tlog/"+path, nil)
	must(err)
	request.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := http.DefaultClient.Do(request)
	must(err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(err)
	if answer.StatusCode != 200 {
		log.Fatalf("%s: %d %s", path, answer.StatusCode, body)
	}
	return body
}

// The reader of tiles that tlog asks; C2SP leaves the height out of the path, because it is always 8.
func (s *server) Height() int                              { return 8 }
func (s *server) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (s *server) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		s.tiles++
		data = append(data, s.get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return data, nil
}

func open(signed []byte, known note.Verifiers) tlog.Tree {
	opened, err := note.Open(signed, known)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != opened.Sigs[0].Name {
		log.Fatal("the origin is not the name of the key")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

func main() {
	s := &server{address: os.Args[1], token: os.Args[2]}
	keys, err := os.ReadFile(os.Args[3])
	must(err)
	var verifiers []note.Verifier
	for _, key := range strings.Fields(string(keys)) {
		verifier, err := note.NewVerifier(key)
		must(err)
		verifiers = append(verifiers, verifier)
	}
	known := note.VerifierList(verifiers...)
	tree := open(s.get("checkpoint"), known)
	fmt.Println("checkpoint", tree.N)
	hashes := tlog.TileHashReader(tree, s)

	// Every entry: the leaf's data, by bundles, against the hashes that the tree vouches for.
	for first := int64(0); first < tree.N; first += 256 {
		path := strings.Replace(tlog.Tile{H: 8, L: 0, N: first / 256, W: int(min(256, tree.N-first))}.Path(), "tile/8/0/", "tile/entries/", 1)
		bundle := s.get(path)
		var indexes []int64
		var leaves []tlog.Hash
		for i := first; len(bundle) > 0; i++ {
			length := binary.BigEndian.Uint16(bundle)
			data := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			if binary.BigEndian.Uint64(data) != uint64(i) {
				log.Fatalf("entry %d says that it is another", i)
			}
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
			leaves = append(leaves, tlog.RecordHash(data))
		}
		if int64(len(leaves)) != min(256, tree.N-first) {
			log.Fatalf("%s has %d entries", path, len(leaves))
		}
		stored, err := hashes.ReadHashes(indexes)
		must(err)
		for i := range stored {
			if stored[i] != leaves[i] {
				log.Fatalf("entry %d is not the one in the tree", first+int64(i))
			}
		}
	}
	fmt.Println("entries", tree.N)

	for i := 0; i < 200; i++ {
		index := tree.N * int64(i) / 200
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		must(err)
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]))
	}
	fmt.Println("inclusion 200")

	for i := 4; i+1 < len(os.Args); i += 2 {
		file, err := os.ReadFile(os.Args[i+1])
		must(err)
		if os.Args[i] == "old" {
			old := open(file, known)
			proof, err := tlog.ProveTree(tree.N, old.N, hashes)
			must(err)
			must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
			fmt.Println("consistency", old.N)
		} else {
			checkProof(file, known)
		}
	}
}

// What GET /v1/audit/{id}/proof gave, checked with nothing else.
func checkProof(file []byte, known note.Verifiers) {
	var proof struct {
		LeafIndex   int64
		Entry, Salt []byte
		Path        []string
		Checkpoint  string
	}
	must(json.Unmarshal(file, &proof))
	tree := open([]byte(proof.Checkpoint), known)
	commitment := sha256.Sum256(append(proof.Salt, proof.Entry...))
	leaf := tlog.RecordHash(append(binary.BigEndian.AppendUint64(nil, uint64(proof.LeafIndex)), commitment[:]...))
	var path tlog.RecordProof
	for _, text := range proof.Path {
		bytes, err := base64.StdEncoding.DecodeString(text)
		must(err)
		path = append(path, *(*tlog.Hash)(bytes))
	}
	must(tlog.CheckRecord(path, tree.N, tree.Hash, proof.LeafIndex, leaf))
	fmt.Println("proof", proof.LeafIndex)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
