import { z } from "zod";
import { ENVIRONMENTS, METHODS, PROVIDERS } from "./provider";

// Apart from the words and rules, so that a page which only shows them does not ship a parser.
export const ProviderSchema = z.enum(PROVIDERS);
export const MethodSchema = z.enum(METHODS);
export const EnvironmentSchema = z.enum(ENVIRONMENTS);
