import { useMutation, useQueryClient } from '@tanstack/react-query';
import { graphql } from '../api/client.js';
import { useToast } from './toast.js';

interface Action {
  readonly query: string;
  readonly variables: object;
  readonly done: string;
}

/** Runs a mutation, says what has happened, and reads what is on the screen again. */
export function useAction<Answer>(onDone: (answer: Answer) => void = () => undefined): { run: (action: Action) => void; isPending: boolean; error: Error | null } {
  const queryClient = useQueryClient();
  const tell = useToast();
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ query, variables }: Action) => graphql<Answer>(query, variables),
    onSuccess: async (answer, { done }) => {
      onDone(answer);
      tell(done);
      await queryClient.invalidateQueries();
    },
  });
  return { run: mutate, isPending, error };
}
