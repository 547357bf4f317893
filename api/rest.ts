import { functionHandler } from '#function-handler';

export default functionHandler('rest');
