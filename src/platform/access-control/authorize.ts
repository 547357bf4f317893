import { Reflector } from '@nestjs/core';
import type { Permission } from '../../common/permission.js';

/** Opens a query or mutation to callers who hold the permission. */
export const RequirePermission = Reflector.createDecorator<Permission>();

/** Opens a query or mutation to everybody who is signed in. */
export const SignedIn = Reflector.createDecorator<true>();

/** Opens a query or mutation to visitors without credentials. */
export const Public = Reflector.createDecorator<true>();
