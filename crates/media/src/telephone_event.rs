//! telephone_event
