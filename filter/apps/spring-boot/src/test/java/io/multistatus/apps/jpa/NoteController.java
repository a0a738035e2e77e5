package io.multistatus.apps.jpa;

import jakarta.persistence.EntityManager;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Handlers that leave transactions to the repository, and have an open entity manager in view. */
@RestController
@RequestMapping("/notes")
class NoteController {
    private final NoteRepository notes;
    private final EntityManager entities;

    NoteController(NoteRepository notes, EntityManager entities) {
        this.notes = notes;
        this.entities = entities;
    }

    @GetMapping
    long count() {
        return notes.count();
    }

    /** What it says, and whether it is still held when the view is made. */
    @GetMapping("/{id}")
    String get(@PathVariable String id) {
        Note note = notes.findById(id).orElseThrow();
        return note.text() + " " + entities.contains(note);
    }

    @PostMapping("/{id}")
    ResponseEntity<String> add(@PathVariable String id, @RequestParam String text) {
        notes.save(new Note(id, text));
        return ResponseEntity.status(text.equals("conflict") ? HttpStatus.CONFLICT : HttpStatus.CREATED)
                .body(id);
    }

    /** Changes what it has read, in no transaction of its own: alone this is lost. */
    @PostMapping("/{id}/text")
    String change(@PathVariable String id, @RequestParam String text) {
        notes.findById(id).orElseThrow().setText(text);
        return text;
    }

    /** The same, so that the row clashes with another when it is written. */
    @PostMapping("/{id}/slot")
    String move(@PathVariable String id, @RequestParam String slot) {
        notes.findById(id).orElseThrow().setSlot(slot);
        return slot;
    }
}
