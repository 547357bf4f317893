import { describe, expect, it } from '@jest/globals';
import { refuseWeakPassword } from '../../src/platform/identity/password-rules.js';

const problem = (password: string, email = 'ada@example.com'): string => {
  try {
    refuseWeakPassword(password, email);
    return 'accepted';
  } catch (error) {
    return (error as { publicMessage: string }).publicMessage;
  }
};

describe('the rules of passwords', () => {
  it.each(['quiet harbour tin lantern', 'Zx9!mQ2#vLp7', 'gehen wir am Mittwoch', 'ünïcödé-brücke', '🦉🦆🐢🐍🦋🐠🐬🐳🦀🐌🐛🐝', 'vier ziegen tanzen', 'k'.concat('jhTwq8'.repeat(2), 'rpl2'), 'correct pelican stove'])('accept %s', (password) => {
    expect(problem(password)).toBe('accepted');
  });

  it.each([['short', 'elevenchars'], ['seven owls', '🦉🦆🐢🐍🦋🐠🐬'], ['201 characters', 'ab3'.repeat(67)]])('refuse what is too short or long: %s', (_, password) => {
    expect(problem(password)).toMatch(/at least 12|at most 200/);
  });

  it.each([
    'password1234', 'Password2024!', 'p4ssw0rd1234', 'passwordpassword', '123456789012', '098765432109', 'qwertyuiop123', 'qwertzuiop12', '1q2w3e4r5t6y', '1qaz2wsx3edc', 'aaaaaaaaaaaa', 'abcabcabcabc',
    'iloveyou1234', 'Welcome12345', 'letmein12345', 'administrator', 'changeme2026', 'Summer2025!!', 'sommer2025!!', 'superman1234', 'correcthorsebatterystaple', 'abcdefghijklm', 'asdfghjkl1234', 'PerchRecruiting1', 'x7kx7kx7kx7k', 'MyPassword2024',
  ])('refuse what is tried first: %s', (password) => {
    expect(problem(password)).toMatch(/tried first/);
  });

  it.each(['grace.hopper@example.com', 'GRACE.HOPPER@example.com1', 'grace.hopper1', 'grace.hopper2026'])('refuse the own address: %s', (password) => {
    expect(problem(password, 'grace.hopper@example.com')).toMatch(/e-mail address/);
  });

  it('take no time for long ones', () => {
    const begun = performance.now();
    for (const text of ['a'.repeat(1_000), 'ab'.repeat(500), `${'a'.repeat(199)}b`, 'abc'.repeat(66)]) problem(text);
    expect(performance.now() - begun).toBeLessThan(100);
  });
});
