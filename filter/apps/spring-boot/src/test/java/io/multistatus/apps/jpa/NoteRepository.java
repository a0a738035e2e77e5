package io.multistatus.apps.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface NoteRepository extends JpaRepository<Note, String> {}
