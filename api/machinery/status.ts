/** One thing that is wrong, at one field (metav1.StatusCause). */
export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** What an error is about (metav1.StatusDetails). */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The answer of every refusal, and of a deletion (metav1.Status). The order of the members is the order on the wire. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  /** `continue`: the token that goes on though the snapshot is gone. */
  readonly metadata: { readonly continue?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}
