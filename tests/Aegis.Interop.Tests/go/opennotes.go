// Opens the notes 0.note, 1.note, … of the working folder with the verifier keys of a file, and says of each whether it opened.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	keys, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var known []note.Verifier
	for _, key := range strings.Fields(string(keys)) {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			log.Fatal(err)
		}
		known = append(known, verifier)
	}
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	for i := 0; i < count; i++ {
		signed, err := os.ReadFile(fmt.Sprintf("%d.note", i))
		if err != nil {
			log.Fatal(err)
		}
		if _, err := note.Open(signed, note.VerifierList(known...)); err != nil {
			fmt.Println("refused")
		} else {
			fmt.Println("opened")
		}
	}
}
