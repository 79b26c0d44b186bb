/** A text that has the form of a setting with a password, and protects nothing. */
export const samplePassword = 'DB_PASSWORD=kV7xQ2mLp9Zt4RwYc8'
