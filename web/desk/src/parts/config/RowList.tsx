import { Button, Form } from "antd";
import type { ReactNode } from "react";
import { Icon } from "../Icon.tsx";
import { RemoveButton } from "../RemoveButton.tsx";
import type { Path } from "./fields.tsx";

interface Props {
  name: Path | string;
  max: number;
  /** Words of the button that adds one. */
  add: string;
  blank: () => object;
  /** What stands beside the button that removes: a heading, or the field that names the row. */
  head: (row: number) => ReactNode;
  /** The fields, below the head. Their names begin with the row. */
  children: (row: number) => ReactNode;
  testId?: string;
}

/** Rows of a list in a form: a box each, with its head and a way to take it out. */
export function RowList({ name, max, add, blank, head, children, testId }: Props) {
  return (
    <Form.List name={name}>
      {(rows, list) => (
        <>
          {rows.map((row) => (
            <div key={row.key} className="sub">
              <div className="sub-head">
                <div className="grow">{head(row.name)}</div>
                <RemoveButton onClick={() => list.remove(row.name)} />
              </div>
              {children(row.name)}
            </div>
          ))}
          {rows.length < max ? (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => list.add(blank())}
              className="add-row"
              data-testid={testId}
            >
              {add}
            </Button>
          ) : null}
        </>
      )}
    </Form.List>
  );
}
