package io.multistatus.apps.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import jakarta.validation.constraints.NotBlank;

/** A row that JPA writes when it likes, at the latest at the commit. */
@Entity
class Note {
    @Id
    private String id;

    @NotBlank
    private String text;

    @Column(unique = true)
    private String slot;

    /** By which the repository sees that a note is new. */
    @Version
    private Integer version;

    Note() {}

    Note(String id, String text) {
        this.id = id;
        this.text = text;
        this.slot = id;
    }

    String text() {
        return text;
    }

    void setText(String newText) {
        text = newText;
    }

    void setSlot(String newSlot) {
        slot = newSlot;
    }
}
