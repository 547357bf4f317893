import type { CoverLetterRecord } from '../../src/features/resume-analysis/documents/cover-letter-document.js';
import type { ResumeRecord } from '../../src/features/resume-analysis/parser/json-resume.js';

/** An invented person and the language of the record. */
export interface Person {
  readonly script: string;
  readonly language: string;
  readonly record: ResumeRecord;
}

const POLISH_AND_VIETNAMESE: ResumeRecord = {
  basics: {
    name: 'Łucja Nguyễn', email: 'lucja.nguyen@example.pl', phone: '+48 601 234 567', label: 'Senior Data Engineer', url: 'https://lucja.example', profiles: [{ url: 'https://www.linkedin.com/in/lucja-nguyen' }],
    summary: 'Zażółć gęślą jaźń: buduję potoki danych dla szpitali. Tôi xây dựng hệ thống dữ liệu cho bệnh viện ở Đà Nẵng và Kraków.', location: { city: 'Kraków', countryCode: 'PL' },
  },
  work: [
    { name: 'Szpital Świętej Łucji', position: 'Senior Data Engineer', startDate: '2021-03', location: 'Kraków, Poland', highlights: ['Przyspieszyła raporty o 40 % dzięki hurtowni danych', 'Wdrożyła kontrolę jakości w 12 przychodniach'] },
    { name: 'Công ty Ánh Dương', position: 'Software Developer', startDate: '2017-09', endDate: '2021-02', location: 'Đà Nẵng, Vietnam', highlights: ['Phát triển ứng dụng đặt lịch khám cho 80.000 người dùng'] },
  ],
  education: [{ institution: 'Akademia Górniczo-Hutnicza', studyType: 'Master of Science', area: 'Informatyka', startDate: '2012', endDate: '2017', score: '5.0' }],
  skills: [{ name: 'Hurtownie danych', keywords: ['PostgreSQL', 'dbt', 'Airflow'] }, { name: 'Python' }, { name: 'Machine Learning' }],
  languages: [{ language: 'Polski', fluency: 'native' }, { language: 'Tiếng Việt', fluency: 'native' }, { language: 'English', fluency: 'C1' }],
};

const GREEK: ResumeRecord = {
  basics: { name: 'Ελένη Παπαδοπούλου', email: 'eleni@example.gr', phone: '+30 691 234 5678', label: 'Μηχανικός Λογισμικού', url: '', profiles: [{ url: 'https://github.com/eleni-p' }], summary: 'Σχεδιάζω συστήματα πληρωμών που δεν σταματούν ποτέ.', location: { city: 'Αθήνα', countryCode: 'GR' } },
  work: [
    { name: 'Τράπεζα Αιγαίου', position: 'Μηχανικός Λογισμικού', startDate: '2020-01', highlights: ['Μείωσε τον χρόνο διακανονισμού κατά 35 %', 'Καθοδήγησε ομάδα έξι προγραμματιστών'] },
    { name: 'Νησιωτικές Γραμμές', position: 'Προγραμματίστρια', startDate: '2016-06', endDate: '2019-12', highlights: ['Έγραψε το σύστημα κρατήσεων από την αρχή'] },
  ],
  education: [{ institution: 'Εθνικό Μετσόβιο Πολυτεχνείο', studyType: 'Δίπλωμα', area: 'Πληροφορική', startDate: '2011', endDate: '2016' }],
  skills: [{ name: 'Java' }, { name: 'Ασφάλεια' }, { name: 'Σχεδίαση συστημάτων' }],
};

const CYRILLIC: ResumeRecord = {
  basics: { name: 'Оксана Їжакевич', email: 'oksana@example.ua', phone: '+380 44 123 4567', label: 'Головна бухгалтерка', url: '', profiles: [{ url: 'https://www.linkedin.com/in/oksana' }], summary: 'Веду облік виробничих підприємств і готую звітність за МСФЗ.', location: { city: 'Київ', countryCode: 'UA' } },
  work: [
    { name: 'Дніпровські млини', position: 'Головна бухгалтерка', startDate: '2019-05', location: 'Дніпро', highlights: ['Скоротила закриття місяця з десяти днів до чотирьох'] },
    { name: 'Завод Ґердан', position: 'Бухгалтерка', startDate: '2014-02', endDate: '2019-04', location: 'Київ', highlights: ['Перевела склад на електронний облік'] },
  ],
  education: [{ institution: 'Київський національний економічний університет', studyType: 'Магістр', area: 'Облік і аудит', startDate: '2009', endDate: '2014' }],
  skills: [{ name: 'МСФЗ' }, { name: 'Excel' }, { name: 'Податковий облік' }],
};

const HEBREW: ResumeRecord = {
  basics: { name: 'יעל ברקוביץ', email: 'yael@example.co.il', phone: '+972 52 123 4567', label: 'מהנדסת תוכנה בכירה', url: '', profiles: [{ url: 'https://github.com/yael-b' }], summary: 'מפתחת מערכות רפואיות בזמן אמת ומובילה צוותים קטנים.', location: { city: 'חיפה', countryCode: 'IL' } },
  work: [
    { name: 'מעבדות הכרמל', position: 'מהנדסת תוכנה בכירה', startDate: '2020-04', highlights: ['הובילה מעבר לענן של 30 שירותים ב-Kubernetes', 'קיצרה את זמן התגובה בחצי'] },
    { name: 'נמל התעופה', position: 'מפתחת', startDate: '2015-10', endDate: '2020-03', highlights: ['כתבה את לוח הטיסות החדש'] },
  ],
  education: [{ institution: 'הטכניון בחיפה', studyType: 'תואר ראשון', area: 'מדעי המחשב', startDate: '2011', endDate: '2015' }],
  skills: [{ name: 'Python' }, { name: 'אבטחת מידע' }, { name: 'Kubernetes' }],
};

const ARABIC: ResumeRecord = {
  basics: { name: 'ليلى حداد', email: 'layla@example.ae', phone: '+971 50 123 4567', label: 'مديرة مشاريع', url: '', profiles: [{ url: 'https://www.linkedin.com/in/layla-haddad' }], summary: 'أدير مشاريع الطاقة الشمسية من الفكرة حتى التشغيل.', location: { city: 'دبي', countryCode: 'AE' } },
  work: [
    { name: 'شركة الشمس للطاقة', position: 'مديرة مشاريع', startDate: '2021-01', highlights: ['أنجزت محطة بقدرة 50 ميغاواط قبل موعدها', 'خفضت التكاليف بنسبة 12'] },
    { name: 'بلدية العين', position: 'مهندسة كهرباء', startDate: '2016-08', endDate: '2020-12', highlights: ['صممت شبكة الإنارة لثلاثة أحياء'] },
  ],
  education: [{ institution: 'جامعة الإمارات', studyType: 'بكالوريوس', area: 'هندسة كهربائية', startDate: '2012', endDate: '2016' }],
  skills: [{ name: 'Primavera' }, { name: 'إدارة المخاطر' }, { name: 'AutoCAD' }],
};

const KOREAN: ResumeRecord = {
  basics: { name: '김 서연', email: 'seoyeon@example.kr', phone: '+82 10 1234 5678', label: '제품 디자이너', url: '', profiles: [{ url: 'https://github.com/seoyeon-kim' }], summary: '병원과 약국이 함께 쓰는 예약 서비스를 디자인합니다.', location: { city: '서울', countryCode: 'KR' } },
  work: [
    { name: '한빛 병원', position: '제품 디자이너', startDate: '2019-03', highlights: ['예약 화면을 다시 설계하여 이탈률을 30 % 줄임'] },
    { name: '푸른 출판사', position: '그래픽 디자이너', startDate: '2015-07', endDate: '2019-02', highlights: ['교과서 열두 권의 표지를 디자인'] },
  ],
  education: [{ institution: '한국 예술 대학교', studyType: '학사', area: '시각 디자인', startDate: '2011', endDate: '2015' }],
  skills: [{ name: 'Figma' }, { name: '사용자 조사' }, { name: '타이포그래피' }],
};

/** One record for each script that the fonts of a PDF have. */
export const PEOPLE: readonly Person[] = [
  { script: 'Latin', language: 'pl', record: POLISH_AND_VIETNAMESE },
  { script: 'Greek', language: 'el', record: GREEK },
  { script: 'Cyrillic', language: 'uk', record: CYRILLIC },
  { script: 'Hebrew', language: 'he', record: HEBREW },
  { script: 'Arabic', language: 'ar', record: ARABIC },
  { script: 'Hangul', language: 'ko', record: KOREAN },
];

export const LETTER: CoverLetterRecord = {
  sender: { ...POLISH_AND_VIETNAMESE.basics },
  date: '3 March 2026',
  recipient: ['Ms Sarah Kim', 'Head of Data', 'Northwind Clinics', '12 Harbour Street, Dublin'],
  subject: 'Application for Lead Data Engineer',
  greeting: 'Dear Ms Kim,',
  paragraphs: [
    'Your clinics record four million visits a year and, by your own report, wait eleven days for their figures. At Szpital Świętej Łucji the same wait was nine days when I came; today it is one night.',
    'What made the difference was less technology than agreement: twelve clinics now count a visit in the same way. I wrote that agreement with them, line by line, before I wrote the first table.',
    'I would be glad to show you how, and to hear what you have already tried.',
  ],
  closing: 'Yours sincerely,',
};
