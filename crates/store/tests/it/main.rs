//! The store's suite: every test runs on SQLite, and on PostgreSQL when `TEST_PG_URL` names a server where schemas may
//! be made (each test makes its own).
mod access;
mod audit;
mod blobs;
mod callbacks;
mod config;
mod crash;
mod customers;
mod history;
mod jobs;
mod opening;
mod speed;
mod support;
mod waiting_list;
