// picocolors colours wherever CI is set, jest's own workers set FORCE_COLOR: what tests read of commands stays plain text.
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;
